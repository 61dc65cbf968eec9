import type { z } from "zod";
import type { SmtpLimits } from "#core/contract/limits.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { smtpSettingsSchema } from "#core/contract/smtp-settings.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";

export type SmtpPolicyOptions = {
  ports: readonly number[];
  address?: string;
  sources?: readonly string[];
  limits?: Partial<SmtpLimits>;
  settings?: z.input<typeof smtpSettingsSchema>;
  /** Of the route `inside`. */
  upstreamPort?: number;
  retrySchedule?: string;
};

/** A document with one SMTP policy named "In" on `ports`. */
export function smtpDocument({
  ports,
  address = "127.0.0.1",
  sources = [],
  limits = {},
  settings = {},
  upstreamPort = 9,
  retrySchedule,
}: SmtpPolicyOptions): PolicyDocument {
  const retry = retrySchedule === undefined ? {} : { retrySchedule };
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    routes: [
      {
        name: "inside",
        protocol: "smtp",
        delivery: "inline-or-spool",
        targets: [{ host: "127.0.0.1", port: upstreamPort }],
        ...retry,
      },
    ],
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: "incoming",
        limits,
        settings: { recipientVerification: { mode: "none" }, ...settings },
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External", sources },
        to: { interface: "Trusted", route: "inside" },
        listen: ports.map((port) => ({ address, port })),
        proxyAction: "Mail in",
      },
    ],
  });
}

export function compiled(document: PolicyDocument): CompiledPolicy {
  const result = compilePolicy(document);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("; "));
  return result.policy;
}
