import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { NamedParts } from "#core/policy/document-part.ts";

const sectionWords: Record<NamedParts["section"], string> = {
  interfaces: "Interfaces",
  lists: "Lists",
  scanners: "Scanners",
  dictionaries: "Dictionaries",
  notices: "Notices",
  routes: "Routes",
  proxyActions: "Proxy actions",
  policies: "Policies",
  tests: "Policy tests",
  rules: "Rules of",
};

/** Which parts of the document the page is about; a plain form whose address says it. */
export function PartForm({ sections, only }: { sections: readonly NamedParts[]; only: readonly string[] }) {
  const words = only.length === 1 ? "1 part" : `${only.length} parts`;
  return (
    <details className="mb-4 rounded-md border border-line bg-surface p-3" open={only.length > 0}>
      <summary className="cursor-pointer font-medium">
        {only.length === 0 ? "Only parts of it…" : `Only ${words} of it`}
      </summary>
      <form action="/policies/document" className="mt-3 flex flex-col gap-3">
        <div className="grid max-h-96 gap-4 overflow-y-auto sm:grid-cols-2 lg:grid-cols-3">
          {sections.map(({ section, parts }) => (
            <fieldset key={section} className="flex min-w-0 flex-col gap-1 [overflow-wrap:anywhere]">
              <legend className="font-medium">{sectionWords[section]}</legend>
              {section !== "rules" && parts.length > 1 && (
                <Checkbox name="only" value={section} defaultChecked={only.includes(section)} label="All of them" />
              )}
              {parts.map(({ part, name }) => (
                <Checkbox key={part} name="only" value={part} defaultChecked={only.includes(part)} label={name} />
              ))}
            </fieldset>
          ))}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary">
            Show these parts
          </Button>
          {only.length > 0 && <LinkButton href="/policies/document">Show all of it</LinkButton>}
        </div>
      </form>
    </details>
  );
}
