import { ProviderFlaw } from "./ProviderFlaw.ts";
import type { z } from "zod";
import type { Answer } from "../../outbound/Outbound.ts";
import type { ClassifiedError } from "../Provider.ts";

/** What an answer says. Throws where it is none: who asked for something does not know whether it is made (P2), others have no news (P3). */
export function parsed<T>(schema: z.ZodType<T>, { body }: Answer, unreadable: ClassifiedError): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new ProviderFlaw({ ...unreadable, detail: read.error.message }, { cause: read.error });
}
