/** What is known of an address beforehand: a provider's own host answers in one way, and sends what comes otherwise elsewhere. */
export function besideDefault(home: URL, defaultHome: string | null): string | null {
  const own = URL.parse(defaultHome ?? "");
  if (own === null || home.hostname !== own.hostname) return null;
  if (home.protocol !== own.protocol) return `must begin with ${own.protocol}// there`;
  return home.pathname === "/" && own.pathname !== "/" ? "lacks the path that calls go to there" : null;
}
