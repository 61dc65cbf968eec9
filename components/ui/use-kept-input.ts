"use client";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { version as consoleVersion } from "#core/contract/version.ts";
import { sameValue } from "#core/policy/same-value.ts";
import { useSignedIn } from "./signed-in.tsx";
import type { Opened } from "./use-draft-form.ts";

/** What an editor held, and what it was opened with. */
export type Kept<T, Draft> = { savedAt: string; draft: Draft; base: Opened<T> | null };

type KeptOptions<T, Draft> = {
  object: string;
  draft: Draft;
  initial: Draft;
  base: Opened<T> | null;
  schema: z.ZodType<T>;
};

const writeAfterMs = 300;
/** Longer input, in characters, is not kept: a browser keeps 5 MiB for all. */
const keptMax = 1_000_000;
/** Nobody goes on with what is older. */
const keptDays = 14;
const prefix = "postern.kept";

const keptSchema = z.object({
  console: z.literal(consoleVersion),
  savedAt: z.iso.datetime(),
  draft: z.unknown(),
  base: z.object({ version: z.number().int(), value: z.unknown() }).nullable(),
});

/**
 * Keeps what is typed into an editor in this browser, of this person, so that it is there when the tab or the console ended before it was saved.
 * `offer` is what is there when the editor opens.
 */
export function useKeptInput<T, Draft extends object>({ object, draft, initial, base, schema }: KeptOptions<T, Draft>) {
  const key = `${prefix} ${useSignedIn().id} ${object}`;
  const [offer, setOffer] = useState<Kept<T, Draft> | null>(null);
  const latest = useRef(draft);
  const written = useRef(false);
  /** The draft that need not be kept: typing makes another. */
  const forgotten = useRef<Draft | null>(null);

  // Only the browser has it, so it cannot be known while the page is made. What the editor opened with stays what it is compared with.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => setOffer(readKept(key, initial, schema)), [key]);

  useEffect(() => {
    latest.current = draft;
    if (sameValue(draft, initial)) {
      if (written.current) browserStorage()?.removeItem(key);
      return;
    }
    const write = () => {
      written.current = true;
      if (forgotten.current !== draft) writeKept(key, { savedAt: new Date().toISOString(), draft, base });
    };
    const timer = setTimeout(write, writeAfterMs);
    window.addEventListener("pagehide", write);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", write);
    };
  }, [key, draft, initial, base]);

  return {
    offer,
    dismiss: () => setOffer(null),
    /** It was saved, or is not wanted any more. */
    forget: () => {
      forgotten.current = latest.current;
      setOffer(null);
      browserStorage()?.removeItem(key);
    },
  };
}

function readKept<T, Draft extends object>(key: string, initial: Draft, schema: z.ZodType<T>): Kept<T, Draft> | null {
  const text = browserStorage()?.getItem(key) ?? null;
  if (text === null) return null;
  const parsed = keptSchema.safeParse(parseJson(text));
  const base = parsed.data?.base ? schema.safeParse(parsed.data.base.value) : null;
  const old = Date.now() - keptDays * 86_400_000;
  if (!parsed.success || base?.success === false || Date.parse(parsed.data.savedAt) < old) {
    browserStorage()?.removeItem(key);
    return null;
  }
  const { draft, savedAt } = parsed.data;
  if (!isLike(draft, initial) || sameValue(draft, initial)) return null;
  const opened =
    parsed.data.base !== null && base?.success ? { version: parsed.data.base.version, value: base.data } : null;
  return { savedAt, draft, base: opened };
}

function writeKept(key: string, kept: { savedAt: string; draft: object; base: Opened<unknown> | null }): void {
  const text = JSON.stringify({ console: consoleVersion, ...kept });
  if (text.length > keptMax) return;
  try {
    browserStorage()?.setItem(key, text);
  } catch {
    // Full: what is typed is in the page still.
  }
}

/** Everything that this browser keeps of editors goes: somebody else may sign in next. */
export function forgetKeptInput(): void {
  const storage = browserStorage();
  const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? "");
  for (const key of keys) if (key.startsWith(prefix)) storage?.removeItem(key);
}

/** Null where the browser forbids it. */
function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Whether a value that was kept by this version has the fields of the editor's own, each of its kind or not set. */
function isLike<Draft extends object>(value: unknown, like: Draft): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map(Object.entries(value));
  return Object.entries(like).every(([name, own]) => isOfKind(fields.get(name), own));
}

function isOfKind(value: unknown, own: unknown): boolean {
  if (value === undefined || value === null || own === undefined || own === null) return true;
  return typeof value === typeof own && Array.isArray(value) === Array.isArray(own);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
