import { z } from "zod";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const stats = z.looseObject({ system: z.looseObject({}), devices: z.array(z.looseObject({})) });

/** What machine it runs on (ComfyUI's server routes, "/system_stats"; 2026-11). What guards it asks for the token first. */
export const checkComfyui: NonNullable<HostedProvider["checkKey"]> = async ({ outbound, key }, signal) => {
  const token = key.reveal();
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  const { body } = await outbound.ask({ method: "GET", path: "/system_stats", headers }, signal);
  stats.parse(body);
};
