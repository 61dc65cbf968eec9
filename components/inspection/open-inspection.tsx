"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import type { ReadForm } from "#components/ui/read-form.ts";
import { type Meanwhile, useOpened } from "#components/ui/use-opened.ts";
import type { InspectionKind, InspectionObject } from "#lib/inspection/inspection-input.ts";
import type { InspectionView } from "#lib/inspection/queries.ts";
import { DictionaryFields } from "./dictionary-fields.tsx";
import {
  dictionaryDraftOf,
  newDictionary,
  newNotice,
  newScanner,
  noticeDraftOf,
  readDictionary,
  readNotice,
  readScanner,
  scannerDraftOf,
} from "./inspection-draft.ts";
import { InspectionEditor, type InspectionTarget } from "./inspection-editor.tsx";
import { inspectionHref, inspectionKinds } from "./inspection-kinds.ts";
import { NoticeFields } from "./notice-fields.tsx";
import { ScannerFields } from "./scanner-fields.tsx";

/** The editor of an object as it was opened; `found` is the object as the page has it now, null when it is gone. */
export function OpenInspection({ kind, found }: { kind: InspectionKind; found: InspectionView | null }) {
  const { opened, meanwhile } = useOpened(found);
  const { singular, title } = inspectionKinds[kind];
  if (opened === null) {
    return (
      <GoneDialog what={`This ${singular}`} closeHref={inspectionHref(kind)} back={`Show the ${title.toLowerCase()}`} />
    );
  }
  const { id, version, users } = opened;
  return <EditorOf target={{ kind: "edit", id, version, users }} given={opened} meanwhile={meanwhile} />;
}

export function NewInspection({ kind }: { kind: InspectionKind }) {
  return <EditorOf target={{ kind: "new" }} given={{ kind, object: null }} meanwhile={null} />;
}

type Given = InspectionObject | { kind: InspectionKind; object: null };
type EditorOfProps = { target: InspectionTarget; given: Given; meanwhile: Meanwhile };

function EditorOf({ target, given, meanwhile }: EditorOfProps) {
  const shared = { target, meanwhile };
  switch (given.kind) {
    case "scanner":
      return (
        <InspectionEditor
          {...shared}
          kind="scanner"
          initial={given.object === null ? newScanner : scannerDraftOf(given.object)}
          read={(draft) => as("scanner", readScanner(draft))}
          Fields={ScannerFields}
        />
      );
    case "dictionary":
      return (
        <InspectionEditor
          {...shared}
          kind="dictionary"
          initial={given.object === null ? newDictionary : dictionaryDraftOf(given.object)}
          read={(draft) => as("dictionary", readDictionary(draft))}
          Fields={DictionaryFields}
        />
      );
    case "notice":
      return (
        <InspectionEditor
          {...shared}
          kind="notice"
          initial={given.object === null ? newNotice : noticeDraftOf(given.object)}
          read={(draft) => as("notice", readNotice(draft))}
          Fields={NoticeFields}
        />
      );
    default:
      return given satisfies never;
  }
}

function as<Kind extends string, T>(kind: Kind, read: ReadForm<T>): ReadForm<{ kind: Kind; object: T }> {
  return read.ok ? { ok: true, value: { kind, object: read.value } } : read;
}
