import { TRPCClientError } from "@trpc/client";
import { expect, it } from "vitest";
import { createQueryClient } from "./createQueryClient.ts";
import { studioBroke } from "./studioBroke.ts";

const answered = (code: string, httpStatus: number, why?: string): Error =>
  TRPCClientError.from({ error: { code: -32_603, message: "m", data: { code, httpStatus, why } } } as never);

it("[U5] a list that was asked for while the database was away was given up after three tries: it is asked until it answers", () => {
  const retry = createQueryClient().getDefaultOptions().queries?.retry as (failures: number, error: Error) => boolean;
  expect(retry(1_000, answered("SERVICE_UNAVAILABLE", 503))).toBe(true);
  expect(retry(1_000, TRPCClientError.from(new TypeError("fetch failed")))).toBe(true);
  expect([2, 3].map((failures) => retry(failures, answered("INTERNAL_SERVER_ERROR", 500)))).toEqual([true, false]);
  expect(retry(0, answered("NOT_FOUND", 404, "not_found"))).toBe(false);
});

it("[A1] of a studio whose database is away it is not said that something went wrong: what was asked for may have been done", () => {
  expect(studioBroke(answered("SERVICE_UNAVAILABLE", 503))).toBe(false);
  expect(studioBroke(answered("INTERNAL_SERVER_ERROR", 500))).toBe(true);
});
