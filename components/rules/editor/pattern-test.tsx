"use client";
import { useId, useState } from "react";
import { Textarea } from "#components/ui/textarea.tsx";
import type { FactName } from "#core/contract/facts.ts";
import { findPattern } from "#core/match/pattern.ts";

/** Characters. */
const sampleMax = 4_000;
const matchesMax = 200;

type PatternTestProps = { pattern: string; fact: FactName; label: string };

/** Texts to try a pattern on, and where it is found in them: the worker's own matcher looks. A text can have lines; of any other fact each line is a reading. */
export function PatternTest({ pattern, fact, label }: PatternTestProps) {
  const id = useId();
  const [sample, setSample] = useState("");
  const samples = fact === "text" ? [sample] : sample.split("\n");
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-muted">
        {label}
      </label>
      <Textarea
        id={id}
        className="font-mono"
        rows={2}
        maxLength={sampleMax}
        spellCheck={false}
        placeholder={fact === "text" ? "Paste a text" : "Paste examples, one a line"}
        value={sample}
        onChange={({ target }) => setSample(target.value)}
      />
      <div aria-live="polite" className="flex flex-col gap-1">
        {sample !== "" &&
          samples.map((text, line) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity
            <Found key={line} pattern={pattern} text={text} />
          ))}
      </div>
    </div>
  );
}

function Found({ pattern, text }: { pattern: string; text: string }) {
  const found = pattern === "" ? null : findPattern(pattern, text, matchesMax);
  if (found === null) return null;
  const places = found.map(({ start, end }) => (end > start ? `${start + 1}–${end}` : `before ${start + 1}`));
  return (
    <p className="whitespace-pre-wrap font-mono text-sm [overflow-wrap:anywhere]">
      <span className={found.length > 0 ? "font-sans font-medium text-allow" : "font-sans text-muted"}>
        {found.length > 0 ? "Matches" : "No match"}
      </span>{" "}
      {found.map(({ start, end }, i) => (
        <span key={start}>
          {text.slice(found[i - 1]?.end ?? 0, start)}
          <mark className="rounded-sm bg-allow-tint text-allow underline">{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(found.at(-1)?.end ?? 0)}
      {places.length > 0 && <span className="font-sans text-muted"> at {placesWords(places)}</span>}
    </p>
  );
}

function placesWords(places: readonly string[]): string {
  const more = places.length - 5;
  return more > 0 ? `${places.slice(0, 5).join(", ")} and ${more} more` : places.join(", ");
}
