import { register, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

// Instrumentations find ES modules through these hooks. They must be there before any module of the SDK is loaded:
// loaded earlier, the SDK's own http is patched twice and client spans double in CommonJS applications.
if (supportsSyncHooks()) register();
