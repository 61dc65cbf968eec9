import type { ContentSettings } from "#core/contract/content-settings.ts";
import type { ContentNeeds } from "#core/policy/content-needs.ts";
import type { Dictionaries } from "#core/text/dictionary/dictionaries.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";
import type { ScanEnvelope } from "../scanners/scanner.ts";
import type { SenderCheck } from "../sender-auth/sender-check.ts";
import type { FileInspection } from "./file-inspection/file-inspection.ts";
import type { InspectionMemory } from "./inspection-memory.ts";
import type { PanelScanner } from "./scan-panel.ts";

/** What an inspection works with. */
export type InspectionTools = {
  memory: InspectionMemory;
  files: Pick<FileInspection, "inspectFile">;
  /** Of the proxy action, in its order. */
  scanners: readonly PanelScanner[];
  dictionaries: Dictionaries;
};

/** What is to be found out about a message, and with what. */
export type InspectionTask = {
  needs: ContentNeeds;
  settings: ContentSettings;
  tools: InspectionTools;
  envelope: ScanEnvelope | null;
  /** The message as it came, complete once it has ended; null: nobody asks for it. */
  original: (() => ContentSource) | null;
  /** Its SHA-256 is wanted. */
  digest: boolean;
  /** null: nobody asks about the sender. Belongs to the inspection from now on. */
  senderCheck: SenderCheck | null;
  /** Milliseconds since 1970. */
  now(): number;
};
