import { z } from "zod";
import type { PolicyDocument, Route } from "#core/contract/policy-document.ts";
import type { Add, Finding } from "./finding.ts";

/** What the policy names and does not hold, and which is not there. The console knows; to a document alone it cannot be told. */
export const missingSchema = z.strictObject({
  kind: z.enum(["credential", "signing key", "certificate"]),
  name: z.string(),
  /** Who deleted it, and when (ISO 8601), as the audit log has it; null: nobody did, or nobody knows. */
  deleted: z.strictObject({ by: z.string(), at: z.string() }).nullable(),
  /** The workers without it; empty: it is not kept at all. */
  workers: z.array(z.string()),
});
export type Missing = z.infer<typeof missingSchema>;

type Place = { path: Finding["path"]; kind: Missing["kind"]; name: string; user: string };

/** References to what is not there. Those within the document cannot dangle: no change of the draft that would leave one is taken. */
export function lintMissing(document: PolicyDocument, missing: readonly Missing[], add: Add): void {
  for (const { path, kind, name, user } of namedOutside(document)) {
    const found = missing.find((one) => one.kind === kind && one.name === name);
    if (found === undefined) continue;
    const { deleted, workers } = found;
    const gone =
      deleted === null
        ? workers.length === 0
          ? "is not there"
          : `is not at the worker ${workers.join(", ")}`
        : `was deleted by ${deleted.by} at ${deleted.at.slice(0, 16).replace("T", " ")} UTC`;
    add({
      code: "reference-missing",
      severity: "harm",
      path: [...path],
      what: `The ${kind} "${name}" of ${user} ${gone}.`,
      why: "A worker that has not got it refuses the policy: nothing of what is published comes into force there.",
      doThis: `Pick another ${kind}, or ${kind === "certificate" ? "put it at the worker" : "add it again under this name"}.`,
      source: null,
    });
  }
}

/** Everything that a document names and does not hold. */
export function namedOutside({ routes, proxyActions, policies }: PolicyDocument): Place[] {
  const credentials = routes.flatMap((route, i) =>
    credentialsAt(route).map(({ path, name }): Place => {
      return { path: ["routes", i, ...path], kind: "credential", name, user: `the route "${route.name}"` };
    }),
  );
  const keys = proxyActions.flatMap((action, i): Place[] => {
    if (action.protocol !== "smtp") return [];
    const { onSignedModified, sealWith } = action.settings.senderAuth;
    if (onSignedModified !== "arc-seal" || sealWith === undefined) return [];
    const path = ["proxyActions", i, "settings", "senderAuth", "sealWith"];
    return [{ path, kind: "signing key", name: sealWith, user: `the settings of ${action.name}` }];
  });
  const certificates = policies.flatMap(({ name: policy, enabled, listen }, i) =>
    (enabled ? listen : []).flatMap(({ address, port, tls }, n) =>
      (tls === undefined || tls.mode === "none" ? [] : tls.certificates).map((name): Place => {
        const path = ["policies", i, "listen", n, "tls"];
        return { path, kind: "certificate", name, user: `${address} port ${port} of the policy "${policy}"` };
      }),
    ),
  );
  return [...credentials, ...keys, ...certificates];
}

function credentialsAt(route: Route): { path: (string | number)[]; name: string }[] {
  if (route.protocol === "pop3")
    return (route.bridge?.credentials ?? []).map((name, n) => ({ path: ["bridge", "credentials", n], name }));
  return route.credential === undefined ? [] : [{ path: ["credential"], name: route.credential }];
}
