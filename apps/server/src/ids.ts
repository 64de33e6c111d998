import { v7 } from "uuid";

/** Makes ids that sort by the time they were made, within a millisecond too (UUID version 7, RFC 9562). */
export type NewId = <Brand extends string>() => Brand;

export const newId: NewId = <Brand extends string>() => v7() as Brand;
