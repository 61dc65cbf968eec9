import type { Family, FileType } from "./types/file-types.ts";

/** What is special about a file, or about anything inside it. */
export const fileTraits = {
  encrypted: "it, or an entry in it, cannot be read without a password or key",
  executable: "a program, or a shortcut to one",
  script: "a script that the system would run",
  archive: "an archive or a disk image",
  "archive-too-complex": "a cap of the inspection stopped it; `problem` says which",
  "archive-damaged": "an archive, document or compressed stream that cannot be read to its end",
  "archive-disagreement":
    "an archive whose directories name different content, or that hides content beside what it lists",
  "archive-unread": "content whose format or compression is not read: it is known by name and size only",
  macros: "a document with a macro project or a macro sheet",
  "auto-macros": "macros that run when the document is opened or closed",
  "embedded-object": "a document with an object, a file or an ActiveX control inside",
  "external-template": "a document that loads a template, frame or object from elsewhere",
  dde: "a field, link or formula that starts a program through DDE",
  "pdf-javascript": "a PDF with JavaScript",
  "pdf-launch": "a PDF that starts a program",
  "pdf-open-action": "a PDF that does something when it is opened",
  "pdf-embedded-file": "a PDF with a file inside",
  "svg-script": "an SVG that runs a script",
  "html-script": "HTML that runs a script",
  "html-form": "HTML with a form",
  uninspectable: "the inspection failed, took too long or could not be begun; `problem` says which",
} as const satisfies Record<string, string>;
export type FileTrait = keyof typeof fileTraits;

/** Of an archive, or of a file inside a document. */
export type FileEntry = {
  /** Every reading of the name, the path included; none of what has no name, like the content of a plain gzip. */
  names: readonly string[];
  /** As declared; null: not told. */
  bytes: number | null;
  encrypted: boolean;
  /** 1: of the file itself; 2: of an archive in it; and so on. */
  depth: number;
  /** null: its content was not read. */
  detectedType: FileType | null;
};

/** What is known of a file by its content. */
export type FileFacts = {
  detectedType: FileType;
  family: Family;
  /** Of the file and of everything inside it, in the order of `fileTraits`. */
  traits: readonly FileTrait[];
  entries: readonly FileEntry[];
  /** Which cap or failure stopped the inspection, in words; null: none did. */
  problem: string | null;
};
