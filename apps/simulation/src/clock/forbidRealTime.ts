/**
 * Whatever asks this machine for the time or for chance would play a seed differently the next time: it is told off at
 * once. What libraries only write down (`Date.now`) is told the virtual time.
 */
export function forbidRealTime(now: () => number): void {
  const forbid = (name: string) => (): never => {
    throw new Error(`${name} was asked for in a simulated life; hand it in.`);
  };
  Date.now = now;
  Object.assign(Math, { random: forbid("Math.random") });
  Object.assign(performance, { now: forbid("performance.now") });
  Object.assign(globalThis, { setTimeout: forbid("setTimeout"), setInterval: forbid("setInterval") });
}
