/** Where an operators' command speaks. */
export interface Terminal {
  readonly say: (line: string) => void;
  /** Replaces the line of progress; only where somebody watches. */
  readonly progress: (line: string) => void;
}
