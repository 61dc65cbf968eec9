import type { Problem } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";

/** Signing keys that a policy seals with and this worker does not have. */
export function signingKeyProblems({ document }: CompiledPolicy, has: (name: string) => boolean): Problem[] {
  return document.proxyActions.flatMap((action, index): Problem[] => {
    if (action.protocol !== "smtp") return [];
    const { onSignedModified, sealWith } = action.settings.senderAuth;
    if (onSignedModified !== "arc-seal" || sealWith === undefined || has(sealWith)) return [];
    const message = `this worker has no signing key "${sealWith}": make it in the console`;
    return [{ path: ["proxyActions", index, "settings", "senderAuth", "sealWith"], code: "unknown-name", message }];
  });
}
