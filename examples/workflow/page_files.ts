const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["page.html", "text/html"],
  "/page.css": ["page.css", "text/css"],
  "/page.js": ["page.js", "text/javascript"],
};

/** The page loads what this server has, and nothing else; nobody may put it into a frame. */
const POLICY = "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'; " +
  "style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** @returns A file of the page; null when there is none of that name. */
export async function pageFile(method: string, path: string): Promise<Response | null> {
  if (method !== "GET" || !Object.hasOwn(FILES, path)) return null;
  const [file, type] = FILES[path]!;
  return new Response(await Deno.readTextFile(new URL(file, import.meta.url)), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    },
  });
}
