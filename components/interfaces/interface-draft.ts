import { linesOf } from "#components/ui/lines.ts";
import { type ReadForm, readForm } from "#components/ui/read-form.ts";
import { type Interface, interfaceSchema } from "#core/contract/policy-document.ts";
import { checkNetworks } from "#core/policy/problem-report.ts";

/** An interface as its editor holds it. */
export type InterfaceDraft = { name: string; zone: string; networks: string };

export const newInterface: InterfaceDraft = { name: "", zone: "external", networks: "" };

export function interfaceDraftOf({ name, zone, networks }: Interface): InterfaceDraft {
  return { name, zone, networks: networks.join("\n") };
}

/** The interface of the fields, or what is wrong with which of them. */
export function readInterfaceDraft({ name, zone, networks }: InterfaceDraft): ReadForm<Interface> {
  const read = readForm(interfaceSchema, { name: name.trim(), zone, networks: linesOf(networks) });
  const problems: Record<string, string> = read.ok ? {} : { ...read.problems };
  checkNetworks(linesOf(networks), ["networks"], (path, _, message) => {
    problems[path.join(".")] = message;
  });
  return read.ok && Object.keys(problems).length === 0 ? read : { ok: false, problems };
}
