"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Input } from "#components/ui/input.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { useSignedIn } from "#components/ui/signed-in.tsx";
import { type Choice, type ChoiceGroup, finderGroups, searchesFor } from "./finder-choices.ts";
import { useScopedHref } from "./scope-provider.tsx";
import { useFound } from "./use-found.ts";

/** A field and what answers to it, by kind: a combobox, whose arrows choose and whose Enter goes there. */
export function FinderField({ onGo }: { onGo: () => void }) {
  const router = useRouter();
  const scoped = useScopedHref();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const text = typed.trim();
  const { found, failed, asking } = useFound(text);
  const { permissions } = useSignedIn();
  const managed = useDraftClosed() !== null;
  const answers = finderGroups(text, found, (permission) =>
    permission === "edit" && managed ? false : permissions.includes(permission),
  );
  const groups = text === "" ? answers : [...answers, searchesFor(text)];
  const choices = groups.flatMap((group) => group.choices);
  const active = Math.min(chosen, choices.length - 1);

  useEffect(() => {
    field.current?.focus();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);

  function pressed(event: KeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen((active + step + choices.length) % choices.length);
    else if (event.key === "Enter") go(choices[active]);
    else return;
    event.preventDefault();
  }

  function go(choice: Choice | undefined) {
    if (choice === undefined) return;
    onGo();
    router.push(scoped(choice.href));
  }

  return (
    <div className="flex flex-col gap-3">
      <Input
        ref={field}
        role="combobox"
        aria-label="Search"
        aria-expanded
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={`${id}-${active}`}
        placeholder="A page, a rule, a list, a message's id, r41 …"
        autoComplete="off"
        spellCheck={false}
        maxLength={1_000}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosen(0);
        }}
        onKeyDown={pressed}
      />
      <p role="status" className="text-muted text-sm">
        {statusWords({ text, asking, failed, count: answers.flatMap((group) => group.choices).length })}
      </p>
      <div id={id} role="listbox" aria-label="Results" className="flex flex-col gap-3">
        {groups.map((group, index) => (
          <Group
            key={group.label}
            group={group}
            id={id}
            first={groups.slice(0, index).reduce((sum, before) => sum + before.choices.length, 0)}
            active={active}
            onPoint={setChosen}
            onGo={onGo}
          />
        ))}
      </div>
    </div>
  );
}

type Asked = { text: string; asking: boolean; failed: boolean; count: number };

function statusWords({ text, asking, failed, count }: Asked): string {
  if (text === "") return "Type a part of a name, or a whole id. Arrows choose, Enter goes there.";
  if (failed && !asking) return "The console does not answer: only pages and commands are searched.";
  if (count > 0) return `${count} found${asking ? ", searching …" : "."}`;
  return asking
    ? "Searching …"
    : `Nothing is called “${text}”, and no message, connection or revision has it as its id.`;
}

type GroupProps = {
  group: ChoiceGroup;
  id: string;
  /** The place of its first choice among all. */
  first: number;
  active: number;
  onPoint: (index: number) => void;
  onGo: () => void;
};

function Group({ group: { label, choices }, id, first, active, onPoint, onGo }: GroupProps) {
  const scoped = useScopedHref();
  const labelId = `${id}-of-${first}`;
  return (
    <div role="group" aria-labelledby={labelId}>
      <p id={labelId} role="presentation" className="px-2 pb-1 text-muted text-sm [overflow-wrap:anywhere]">
        {label}
      </p>
      {choices.map(({ href, name, detail }, place) => {
        const index = first + place;
        return (
          <Link
            key={href}
            id={`${id}-${index}`}
            href={scoped(href)}
            role="option"
            tabIndex={-1}
            prefetch={false}
            aria-selected={index === active}
            className={classNames(
              "flex min-h-8 flex-wrap items-center justify-between gap-x-3 rounded-md px-2 py-1 max-md:min-h-11",
              index === active && "bg-accent-tint",
            )}
            onMouseMove={() => onPoint(index)}
            onClick={onGo}
          >
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{name}</span>
            <span className="min-w-0 text-muted text-sm [overflow-wrap:anywhere]">{detail}</span>
          </Link>
        );
      })}
    </div>
  );
}
