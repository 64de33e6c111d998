/** The prompt is one key away from everywhere. */
export const PROMPT_FIELD = "prompt";

export function focusPrompt(): void {
  // After React has drawn what the press changed.
  requestAnimationFrame(() => {
    const field = document.getElementById(PROMPT_FIELD);
    field?.focus();
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  });
}
