"use client";
import { Search } from "lucide-react";
import Form from "next/form";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";

/** Finds lists by what is in them. */
export function ListsSearch({ asked }: { asked: string | undefined }) {
  return (
    <Form action="/lists" scroll={false} role="search" className="mb-3 flex flex-wrap items-end gap-2">
      <div className="min-w-0 flex-1 basis-64">
        <Field label="Search inside the lists">
          {(control) => (
            <Input
              key={asked}
              {...control}
              name="q"
              type="search"
              placeholder="Text, or a value: an address finds its networks"
              defaultValue={asked ?? ""}
              maxLength={320}
            />
          )}
        </Field>
      </div>
      <Button type="submit">
        <Search aria-hidden size={14} />
        Search
      </Button>
      {asked !== undefined && <LinkButton href="/lists">Clear</LinkButton>}
    </Form>
  );
}
