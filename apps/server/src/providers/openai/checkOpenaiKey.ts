import { z } from "zod";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const models = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** The list of models, which gateways have too (OpenAI's API reference, "List models"; 2026-11). */
export const checkOpenaiKey: NonNullable<HostedProvider["checkKey"]> = async ({ outbound, key }, signal) => {
  const headers = { authorization: `Bearer ${key.reveal()}` };
  const { body } = await outbound.ask({ method: "GET", path: "/models", headers }, signal);
  models.parse(body);
};
