import { startDaraja } from "./daraja.ts";

// The fake Daraja as a process of its own, on DARAJA_PORT or a free port.
const daraja = await startDaraja({
  port: Number(process.env.DARAJA_PORT ?? 0),
  answerMs: Number(process.env.DARAJA_ANSWER_MS ?? 200),
  lateAnswerMs: Number(process.env.DARAJA_LATE_ANSWER_MS ?? 1500),
});
console.log(`daraja listening on ${daraja.url}`);
