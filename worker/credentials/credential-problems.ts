import type { Problem } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";

/** Credentials that a policy's routes name and this worker does not have. */
export function credentialProblems({ document }: CompiledPolicy, has: (name: string) => boolean): Problem[] {
  return document.routes.flatMap((route, index): Problem[] => {
    if (route.protocol !== "smtp" || route.credential === undefined || has(route.credential)) return [];
    const message = `this worker has no credential "${route.credential}": add it in the console, or name it in worker.yaml`;
    return [{ path: ["routes", index, "credential"], code: "unknown-name", message }];
  });
}
