"use client";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { searchHref } from "#components/ui/search-href.ts";

type RuleSearchProps = {
  /** What the address says of an interface. */
  scope: string | null;
  /** What is searched for now; null: nothing. */
  find: string | null;
  found: number;
};

/** Finds rules by name, sentence, or by an address or a domain that one of their lists stands for. */
export function RuleSearch({ scope, find, found }: RuleSearchProps) {
  const router = useRouter();
  const [busy, startTransition] = useTransition();
  const here = { interface: scope };
  function search(form: FormData) {
    const text = form.get("find");
    const asked = { ...here, find: typeof text === "string" ? text.trim() : "" };
    startTransition(() => router.replace(searchHref("/policies", asked), { scroll: false }));
  }
  return (
    <form role="search" action={search} className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="w-72 max-w-full">
        <Input
          key={find}
          type="search"
          name="find"
          defaultValue={find ?? ""}
          aria-label="Find rules"
          placeholder="Name, sentence, address or domain"
          maxLength={200}
        />
      </span>
      <Button type="submit" size="icon" aria-label="Search" disabled={busy}>
        <Search aria-hidden size={16} />
      </Button>
      {find !== null && (
        <>
          <span role="status">{found === 1 ? "1 rule found" : `${found} rules found`}</span>
          <LinkButton href={searchHref("/policies", here)} size="small" variant="quiet" scroll={false}>
            Show all
          </LinkButton>
        </>
      )}
    </form>
  );
}
