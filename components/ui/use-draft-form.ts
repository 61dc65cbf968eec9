"use client";
import { useState } from "react";
import type { z } from "zod";
import { sameValue } from "#core/policy/same-value.ts";
import type { ActionError, ActionResult } from "#lib/action.ts";
import type { ReadForm } from "./read-form.ts";
import { useDraftEditor } from "./use-draft-editor.ts";
import { type Kept, useKeptInput } from "./use-kept-input.ts";

/** An object of the draft at a version: what an editor was opened with, or what is there now. */
export type Opened<T> = { version: number; value: T };

type FormOptions<T extends object, Draft extends object> = {
  /** Where the page is without the editor. */
  closeHref: string;
  /** What is open, for others who open it and for what is kept of it: `route 4a0e…`, `new SMTP route`. */
  object: string;
  /** Null for a new one. */
  opened: Opened<T> | null;
  initial: Draft;
  schema: z.ZodType<T>;
  draftOf: (value: T) => Draft;
  read: (draft: Draft) => ReadForm<T>;
};

/** `version` is null for a new one. */
type Saving<T> = {
  ask: (value: T, version: number | null) => Promise<ActionResult<unknown>>;
  done: (value: T) => string;
};
export type Conflict<T> = { base: T; mine: T; theirs: Opened<T>; saving: Saving<T> };

/**
 * An open editor that loses nothing: what is typed is kept until it is saved or thrown away, and when somebody else saved the object meanwhile,
 * both are put together and saved on theirs.
 */
export function useDraftForm<T extends object, Draft extends object>(options: FormOptions<T, Draft>) {
  const { closeHref, object, initial, schema, draftOf, read } = options;
  const editor = useDraftEditor(closeHref);
  const [draft, setDraft] = useState(initial);
  const { base, setBase, conflict, setConflict, send } = useSaving(options.opened, schema, editor.send);
  const [generation, setGeneration] = useState(0);
  const kept = useKeptInput({ object, draft, initial, base, schema });
  const sendAndForget = async (value: T, from: Opened<T> | null, saving: Saving<T>) => {
    if (await send(value, from, saving)) kept.forget();
  };

  /** Another draft than the one that is being typed. */
  function replace(other: Draft, from: Opened<T> | null) {
    setDraft(other);
    setBase(from);
    setGeneration(generation + 1);
  }

  return {
    ...editor,
    /** Fields that hold something of their own begin anew with each: their key. */
    generation,
    object,
    /** What it is based on; null for a new one. */
    base,
    draft,
    set: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    read: read(draft),
    /** What was typed before and neither saved nor thrown away. */
    kept: kept.offer,
    takeUp({ draft: before, base: from }: Kept<T, Draft>) {
      replace(before, from);
      kept.dismiss();
    },
    throwAway: kept.forget,
    discard() {
      kept.forget();
      editor.close();
    },
    conflict,
    /** Saves both put together, or, null, goes back to what was typed. */
    settle(merged: T | null) {
      if (conflict === null) return;
      const { theirs, saving } = conflict;
      setConflict(null);
      if (merged === null) return;
      replace(draftOf(merged), theirs);
      editor.submit(() => sendAndForget(merged, theirs, saving));
    },
    save(saving: Saving<T>) {
      const parsed = read(draft);
      editor.submit(parsed.ok ? () => sendAndForget(parsed.value, base, saving) : null);
    },
  };
}

type Send = (asked: Promise<ActionResult<unknown>>, done: string) => Promise<ActionError | null>;

/** What the open object is based on, and what became of it when a save met another's. `send` tells whether it was saved. */
function useSaving<T extends object>(opened: Opened<T> | null, schema: z.ZodType<T>, ask: Send) {
  const [base, setBase] = useState(opened);
  const [conflict, setConflict] = useState<Conflict<T> | null>(null);

  async function send(value: T, from: Opened<T> | null, saving: Saving<T>): Promise<boolean> {
    const error = await ask(saving.ask(value, from?.version ?? null), saving.done(value));
    const current = error?.current;
    const theirs = current === undefined ? null : schema.safeParse(current.value);
    if (from === null || current === undefined || theirs?.success !== true) return error === null;
    const now = { version: current.version, value: theirs.data };
    if (!sameValue(now.value, from.value)) {
      setConflict({ base: from.value, mine: value, theirs: now, saving });
      return false;
    }
    // A new version of the same: there is nothing to put together.
    setBase(now);
    return send(value, now, saving);
  }

  return { base, setBase, conflict, setConflict, send };
}
