import { z } from "zod";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { missingSchema } from "./lint-missing.ts";
import { trafficSchema } from "./traffic.ts";

const idsByName = z.array(z.tuple([z.string(), z.string()]));

/** The draft as the console's lint gets it: with the ids of its rows, so that findings lead somewhere, with what came through, and with what it names that is not there. */
export const lintInputSchema = z.strictObject({
  document: policyDocumentSchema,
  ids: z.strictObject({
    interfaces: idsByName,
    lists: idsByName,
    scanners: idsByName,
    dictionaries: idsByName,
    notices: idsByName,
    routes: idsByName,
    proxyActions: idsByName,
    policies: idsByName,
  }),
  traffic: trafficSchema,
  missing: z.array(missingSchema),
});
export type LintInput = z.infer<typeof lintInputSchema>;
