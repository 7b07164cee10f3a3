/**
 * Looks whether a permission was granted. Never prompts.
 *
 * @param descriptor The permission.
 * @returns Null when it was granted, else which is missing, with the flag that grants it, such as
 * `run permission not granted: --allow-run=docker`.
 * @throws {TypeError} when the descriptor is not one that Deno knows.
 */
export async function missingPermission(
  descriptor: Deno.PermissionDescriptor,
): Promise<string | null> {
  const { state } = await Deno.permissions.query(descriptor);
  if (state === "granted") return null;
  const scope = scopeOf(descriptor);
  const flag = `--allow-${descriptor.name}${scope === "" ? "" : `=${scope}`}`;
  return `${descriptor.name} permission not granted: ${flag}`;
}

function scopeOf(descriptor: Deno.PermissionDescriptor): string {
  switch (descriptor.name) {
    case "run":
      return String(descriptor.command ?? "");
    case "read":
    case "write":
    case "ffi":
      return String(descriptor.path ?? "");
    case "net":
    case "import":
      return descriptor.host ?? "";
    case "env":
      return descriptor.variable ?? "";
    case "sys":
      return descriptor.kind ?? "";
    default:
      return descriptor satisfies never;
  }
}
