import { ASSET_TYPES, STATUSES } from "@reelstate/lifecycle";
import type { AssetId, ProjectId } from "@reelstate/lifecycle";
import type { Place } from "./place.ts";

/** What an address of the studio names: a part of the library, an asset in it, its health, its providers, its budget, or nothing we know. */
export type Address =
  | { readonly at: "library"; readonly place: Place }
  | { readonly at: "asset"; readonly place: Place; readonly assetId: AssetId }
  | { readonly at: "health" | "budget"; readonly place: Place }
  /** With one of them, that one is open. */
  | { readonly at: "providers"; readonly place: Place; readonly provider: string | null }
  | { readonly at: "nowhere"; readonly place: Place };

const ID = "([A-Za-z0-9_-]{1,64})";
const PROJECT = new RegExp(`^/p/${ID}/?$`);
const HEALTH = /^\/health\/?$/;
const BUDGET = /^\/budget\/?$/;
const PROVIDERS = /^\/providers(?:\/([a-z][a-z0-9-]*))?\/?$/;
const ASSET = new RegExp(`^/a/${ID}/?$`);

/** Reads `/`, `/p/<project>`, `/a/<asset>`, `/health`, `/providers` and `/budget`, each with `?type=&status=&q=`; what it does not know is left out. */
export function readAddress({ pathname, search }: { readonly pathname: string; readonly search: string }): Address {
  const query = new URLSearchParams(search);
  const project = PROJECT.exec(pathname)?.[1];
  if (pathname === "/") return { at: "library", place: placeFrom(query, undefined) };
  if (project !== undefined) return { at: "library", place: placeFrom(query, project) };
  const asset = ASSET.exec(pathname)?.[1];
  const place = placeFrom(query, query.get("project") ?? undefined);
  if (HEALTH.test(pathname)) return { at: "health", place };
  if (BUDGET.test(pathname)) return { at: "budget", place };
  const providers = PROVIDERS.exec(pathname);
  if (providers !== null) return { at: "providers", place, provider: providers[1] ?? null };
  return asset === undefined ? { at: "nowhere", place } : { at: "asset", place, assetId: asset as AssetId };
}

export function libraryHref({ project, ...search }: Place): string {
  return (project === undefined ? "/" : `/p/${project}`) + queryOf(search);
}

/** The details of an asset, and the list they were opened from. */
export function assetHref(id: AssetId, place: Place = {}): string {
  return `/a/${id}${queryOf(place)}`;
}

/** Whether what is kept fits together, and the list from which that was asked. */
export function healthHref(place: Place = {}): string {
  return `/health${queryOf(place)}`;
}

/** Who makes media and how that is set up, one of them opened; and the list from which that was asked. */
export function providersHref(place: Place = {}, provider: string | null = null): string {
  return `/providers${provider === null ? "" : `/${provider}`}${queryOf(place)}`;
}

/** What may be spent, and the list from which that was asked. */
export function budgetHref(place: Place = {}): string {
  return `/budget${queryOf(place)}`;
}

function placeFrom(query: URLSearchParams, project: string | undefined): Place {
  const type = ASSET_TYPES.find((known) => known === query.get("type"));
  const status = STATUSES.find((known) => known === query.get("status"));
  const q = query.get("q");
  return {
    ...(project === undefined ? {} : { project: project as ProjectId }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(q === null || q === "" ? {} : { q }),
  };
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return query.size === 0 ? "" : `?${query.toString()}`;
}
