import type { Scanner as ScannerSettings } from "#core/contract/scanner.ts";
import { ClamdEngine } from "./clamd-engine.ts";
import { IcapEngine } from "./icap-engine.ts";
import { RspamdEngine } from "./rspamd-engine.ts";
import type { ScanEngine } from "./scanner.ts";
import { SpamdEngine } from "./spamd-engine.ts";

/** What speaks to a scanner of this kind. */
export function makeEngine({ kind, at, service = "" }: ScannerSettings, now: () => number): ScanEngine {
  switch (kind) {
    case "clamd":
      return new ClamdEngine(at);
    case "rspamd":
      return new RspamdEngine(at);
    case "spamd":
      return new SpamdEngine(at);
    case "icap":
      return new IcapEngine({ at, service, now });
    default:
      return kind satisfies never;
  }
}
