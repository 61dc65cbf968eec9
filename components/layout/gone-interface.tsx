import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { InterfaceScope } from "#lib/interfaces/scope.ts";

type GoneInterfaceProps = {
  scope: InterfaceScope | null;
  /** Of the page. */
  path: string;
};

/** Says so, when the address is of an interface that the draft does not have. */
export function GoneInterface({ scope, path }: GoneInterfaceProps) {
  if (scope === null || scope.id !== null) return null;
  return (
    <div className="my-4">
      <Notice kind="warning">
        <p>
          The draft has no interface <b className="font-semibold">{scope.name}</b>: it was deleted, or this address is
          mistyped. What was reported under this name is still found by it.
        </p>
        <p className="mt-2">
          <LinkButton href={path} size="small">
            Show every interface
          </LinkButton>
        </p>
      </Notice>
    </div>
  );
}
