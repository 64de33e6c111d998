/** `EventSource` over the test's `fetch`, as far as tRPC's subscription link uses it; Node has none without a flag. */
export class FetchEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState: number = 0;
  readonly url: string;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    void this.#read();
  }

  close(): void {
    this.readyState = 2;
    void this.#reader?.cancel();
  }

  async #read(): Promise<void> {
    try {
      const response = await fetch(this.url);
      if (!response.ok || response.body === null || this.readyState === 2) throw new Error(`status ${response.status}`);
      this.readyState = 1;
      this.#reader = response.body.getReader();
      await this.#dispatch(this.#reader);
    } catch {
      // A broken connection and a refused one look the same from outside.
    }
    if (this.readyState === 2) return;
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }

  async #dispatch(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#send(block);
    }
  }

  #send(block: string): void {
    const fields = new Map(
      block
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart()]),
    );
    const data = fields.get("data");
    if (data === undefined || this.readyState === 2) return;
    this.dispatchEvent(
      new MessageEvent(fields.get("event") ?? "message", { data, lastEventId: fields.get("id") ?? "" }),
    );
  }
}
