const EVENT_AT = /"kind":"transition","seq":\d+,"at":(\d+)/g;
const END_OF_MESSAGE = "\n\n";

/** Hears a live stream in pieces as they come, which may end anywhere; answers when the events were committed that are whole by now. */
export function eventTimes(): (piece: string) => readonly number[] {
  let rest = "";
  return (piece) => {
    const heard = rest + piece;
    const end = heard.lastIndexOf(END_OF_MESSAGE) + 1;
    rest = heard.slice(end);
    return [...heard.slice(0, end).matchAll(EVENT_AT)].map(([, at]) => Number(at));
  };
}
