import type { Permission } from "#core/contract/permission.ts";
import { permissionsOf } from "#core/contract/role.ts";
import type { May } from "./may-fields.tsx";
import { permissionWords } from "./role-words.ts";

type Changes = { gains: Permission[]; loses: Permission[]; any: boolean };

/** What somebody may afterwards and could not before, and the other way round. */
export function changesOf(before: May, after: May): Changes {
  const [had, has] = [before, after].map(({ role, permissions }) => permissionsOf({ role, permissions }));
  const gains = (has ?? []).filter((permission) => had?.includes(permission) === false);
  const loses = (had ?? []).filter((permission) => has?.includes(permission) === false);
  return { gains, loses, any: before.role !== after.role || gains.length + loses.length > 0 };
}

/** The effect of a change, before it is made. */
export function ChangeWords({ name, changes, isOwn }: { name: string; changes: Changes; isOwn: boolean }) {
  const { gains, loses } = changes;
  return (
    <div className="flex flex-col gap-2">
      <p>It holds at once, in sessions that go on too, and for API tokens that {name} made.</p>
      {gains.length > 0 && <Part title={`${name} may then`} permissions={gains} />}
      {loses.length > 0 && <Part title={`${name} may no more`} permissions={loses} />}
      {gains.length + loses.length === 0 && <p>What {name} may stays the same; the role has another name.</p>}
      {isOwn && loses.includes("manage-people") && (
        <p className="font-medium">It is your own account: only another administrator can take this back.</p>
      )}
    </div>
  );
}

function Part({ title, permissions }: { title: string; permissions: readonly Permission[] }) {
  return (
    <div>
      <p className="font-medium">{title}:</p>
      <ul className="list-disc ps-5">
        {permissions.map((permission) => (
          <li key={permission}>{permissionWords[permission]}</li>
        ))}
      </ul>
    </div>
  );
}
