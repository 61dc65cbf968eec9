import { z } from "zod";
import { partsSchema } from "#core/contract/policy-api.ts";
import { parsePart } from "#core/policy/document-part.ts";

/** The parts that an address names, once or more; what names none is passed over. */
export const partsSearchSchema = z
  .union([partsSchema, z.string().transform((part) => [part])])
  .catch([])
  .transform((parts) => parts.filter((part) => parsePart(part) !== null));
