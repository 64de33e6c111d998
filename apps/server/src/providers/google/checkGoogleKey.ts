import { z } from "zod";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const models = z.looseObject({ models: z.array(z.looseObject({ name: z.string() })) });

/** One model of the list of models (Gemini API, "models.list"; 2026-11). */
export const checkGoogleKey: NonNullable<HostedProvider["checkKey"]> = async ({ outbound, key }, signal) => {
  const headers = { "x-goog-api-key": key.reveal() };
  const { body } = await outbound.ask({ method: "GET", path: "/models?pageSize=1", headers }, signal);
  models.parse(body);
};
