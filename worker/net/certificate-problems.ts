import type { Problem } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import type { FindCertificate } from "../tls/server-tls.ts";

/** What a policy's listeners name and this worker does not have. */
export function certificateProblems({ document }: CompiledPolicy, find: FindCertificate): Problem[] {
  const problems: Problem[] = [];
  document.policies.forEach(({ enabled, listen }, policyIndex) => {
    if (!enabled) return;
    listen.forEach(({ tls }, listenIndex) => {
      if (tls === undefined || tls.mode === "none") return;
      tls.certificates.forEach((name, index) => {
        if (find(name) !== null) return;
        const path = ["policies", policyIndex, "listen", listenIndex, "tls", "certificates", index];
        const message = `this worker has no usable certificate "${name}": name it in worker.yaml, or correct its files`;
        problems.push({ path, code: "listener", message });
      });
    });
  });
  return problems;
}
