import { readFileSync } from "node:fs";

/**
 * A policy document from `tests/fixtures/policies`, as it stands except for its ports: each `port: <from>` becomes
 * `port: <to>`, so that tests may run side by side. Throws when a port to replace is not there.
 */
export function policyFixture(name: string, ports: Readonly<Record<number, number>>): string {
  let text = readFileSync(new URL(`../fixtures/policies/${name}`, import.meta.url), "utf8");
  for (const [from, to] of Object.entries(ports)) {
    const place = new RegExp(`\\bport: ${from}\\b`, "g");
    if (!place.test(text)) throw new Error(`${name} has no port ${from}`);
    text = text.replace(place, `port: ${to}`);
  }
  return text;
}
