"use client";
import { type ReactNode, useId } from "react";
import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { classNames } from "./class-names.ts";
import { Notice } from "./notice.tsx";
import { useMay } from "./signed-in.tsx";
import { withoutAdding } from "./without-adding.ts";

type PermissionGateProps = {
  permission: Permission;
  /** What they would do, as the beginning of a sentence. */
  what?: string;
  children: ReactNode;
};

/** Controls that take a permission: who does not have it sees them, off, with the reason above. Links inside work, but for those to empty editors. */
export function PermissionGate({ permission, what, children }: PermissionGateProps) {
  const may = useMay(permission);
  const id = useId();
  if (may) return children;
  return (
    <>
      <div id={id} className="mb-2">
        <Notice kind="info">{lackingWords(permission, what)}</Notice>
      </div>
      <fieldset disabled aria-describedby={id} className={classNames("contents", withoutAdding)}>
        {children}
      </fieldset>
    </>
  );
}
