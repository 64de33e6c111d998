/** Two hues that belong to a prompt, the same every time: FNV-1a over its text. */
export function promptTones(prompt: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < prompt.length; index++) {
    hash = Math.imul(hash ^ prompt.charCodeAt(index), 0x01000193) >>> 0;
  }
  const first = hash % 360;
  return [first, (first + 40 + ((hash >>> 9) % 70)) % 360];
}
