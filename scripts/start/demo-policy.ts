import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PortVariable, type Settings, startVariables } from "./settings.ts";

/** The text of demo/policy.yaml with the ports of this start in the place of the standard ones. */
export function demoPolicy({ root, ports }: Pick<Settings, "root" | "ports">): string {
  const standard = startVariables.parse({});
  const changed = new Map((Object.keys(ports) as PortVariable[]).map((name) => [standard[name], ports[name]]));
  const text = readFileSync(join(root, "demo/policy.yaml"), "utf8");
  return text.replace(/\bport: (\d+)/g, (whole, port: string) => {
    const ours = changed.get(Number(port));
    return ours === undefined ? whole : `port: ${ours}`;
  });
}
