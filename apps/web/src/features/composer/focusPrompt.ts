/** The prompt is one key away from everywhere. */
export const PROMPT_FIELD = "prompt";

export function focusPrompt(): void {
  // At once, so that no letter typed next is lost; and again after React has drawn what the press changed.
  focusNow();
  requestAnimationFrame(focusNow);
}

function focusNow(): void {
  const field = document.getElementById(PROMPT_FIELD);
  if (field === null || document.activeElement === field) return;
  field.focus();
  if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
}
