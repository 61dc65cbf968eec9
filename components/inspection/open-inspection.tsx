"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { type Meanwhile, useOpened } from "#components/ui/use-opened.ts";
import { dictionarySchema } from "#core/contract/dictionary.ts";
import { noticeSchema } from "#core/contract/notice.ts";
import { scannerSchema } from "#core/contract/scanner.ts";
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
          object={given.object}
          schema={scannerSchema}
          draftOf={scannerDraftOf}
          read={readScanner}
          asInput={(object) => ({ kind: "scanner", object })}
          Fields={ScannerFields}
        />
      );
    case "dictionary":
      return (
        <InspectionEditor
          {...shared}
          kind="dictionary"
          initial={given.object === null ? newDictionary : dictionaryDraftOf(given.object)}
          object={given.object}
          schema={dictionarySchema}
          draftOf={dictionaryDraftOf}
          read={readDictionary}
          asInput={(object) => ({ kind: "dictionary", object })}
          Fields={DictionaryFields}
        />
      );
    case "notice":
      return (
        <InspectionEditor
          {...shared}
          kind="notice"
          initial={given.object === null ? newNotice : noticeDraftOf(given.object)}
          object={given.object}
          schema={noticeSchema}
          draftOf={noticeDraftOf}
          read={readNotice}
          asInput={(object) => ({ kind: "notice", object })}
          Fields={NoticeFields}
        />
      );
    default:
      return given satisfies never;
  }
}
