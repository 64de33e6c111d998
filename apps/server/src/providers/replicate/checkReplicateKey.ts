import { z } from "zod";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const account = z.looseObject({ type: z.string(), username: z.string() });

/** Whose token it is (Replicate's HTTP API, "Get the authenticated account"; 2026-11). */
export const checkReplicateKey: NonNullable<HostedProvider["checkKey"]> = async ({ outbound, key }, signal) => {
  const headers = { authorization: `Bearer ${key.reveal()}` };
  const { body } = await outbound.ask({ method: "GET", path: "/account", headers }, signal);
  account.parse(body);
};
