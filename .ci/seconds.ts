/** Milliseconds as people read them: `0.4 s`, `73.0 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
