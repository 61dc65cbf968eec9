import { z } from "zod";
import { nameSchema } from "#core/contract/name.ts";
import { searchTextSchema } from "#lib/search.ts";

const place = z.string().regex(/^[0-9a-f-]{36}:[a-z]+(:([0-9a-f-]{36}|end))?$/);

/** `interface` is as readScope takes it. `find` is looked for in rules. `policy` is a policy's id, `add` a protocol; `edit` is a rule, `new` is proxyAction:ruleset:before, `section` the one that it begins in, `default` and `simple` are proxyAction:ruleset; `exception` is the message that a new rule is to let through. What cannot be read counts as absent. */
export const policySearchSchema = z.object({
  interface: searchTextSchema,
  find: z.string().trim().min(1).max(200).optional().catch(undefined),
  policy: z.uuid().optional().catch(undefined),
  add: z.enum(["smtp", "pop3"]).optional().catch(undefined),
  edit: z.uuid().optional().catch(undefined),
  new: place.optional().catch(undefined),
  section: nameSchema.optional().catch(undefined),
  exception: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
  default: place.optional().catch(undefined),
  simple: place.optional().catch(undefined),
});
export type PolicySearch = z.infer<typeof policySearchSchema>;
