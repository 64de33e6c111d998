import { z } from "zod";

/** What a provider calls a request. It becomes part of addresses (where dots alone lead elsewhere), and is kept as long as the job. */
export const providerId = z.string().regex(/^(?!\.+$)[\x21-\x7e]{1,300}$/);
