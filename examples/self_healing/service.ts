/**
 * A small web service that can be made to hang: `POST /hang` blocks its only thread for good, as an
 * endless loop would, but without the heat.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-write=.baton examples/self_healing/service.ts 8087
 * ```
 */

const PID_FILE = ".baton/web.pid";
const HANG_AFTER_MS = 50;

let done = 0;

function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case "GET /health":
      return new Response("well\n");
    case "GET /work":
      return Response.json({ done: ++done, pid: Deno.pid });
    case "POST /hang":
      setTimeout(hang, HANG_AFTER_MS); // once this answer is out
      return new Response("hanging from now on\n");
    default:
      return new Response("not found\n", { status: 404 });
  }
}

function hang(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

Deno.mkdirSync(".baton", { recursive: true });
Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0] ?? 8087),
  onListen: () => Deno.writeTextFileSync(PID_FILE, `${Deno.pid}\n`),
}, answer);
