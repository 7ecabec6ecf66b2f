import Ajv from 'ajv';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { createFailure } from '../../call/failure';
import type { Interceptor } from '../../call/interceptor';
import { BuildFault } from '../../call/transport';
import { hasNestedQuantifiers, listPatterns } from './nested-quantifiers';

/** Strict in keywords, so that a misspelt one fails the build instead of checking nothing. */
const OPTIONS: Options = {
  allErrors: false,
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  logger: false,
};

/** Annotations of OpenAPI that say nothing about validity and that ajv does not know by itself. */
const ANNOTATIONS = ['example', 'externalDocs', 'xml'];
const MAX_DESCRIPTION = 1024;

/** Compiles schemas for one gateway; those that several actions share are compiled once. */
export interface SchemaCompiler {
  /** Throws for an invalid schema. `warn` is told of patterns that may take long. */
  compile(schema: object, warn: (message: string) => void): Interceptor;
}

export function createSchemaCompiler(): SchemaCompiler {
  const compiled = new Map<object, ValidateFunction>();
  const drafts = new Map<typeof Ajv | typeof Ajv2020, Ajv | Ajv2020>();

  function instanceFor(schema: object): Ajv | Ajv2020 {
    const { $schema } = schema as { $schema?: unknown };
    const isNewDraft = typeof $schema === 'string' && /20(19-09|20-12)/.test($schema);
    const Draft = isNewDraft ? Ajv2020 : Ajv;
    const known = drafts.get(Draft);
    if (known) return known;
    const ajv = new Draft(OPTIONS);
    ANNOTATIONS.forEach((word) => ajv.addKeyword(word));
    drafts.set(Draft, ajv);
    return ajv;
  }

  function compileOnce(schema: object): ValidateFunction {
    const known = compiled.get(schema);
    if (known) return known;
    const validate = compileSchema(instanceFor(schema), schema);
    compiled.set(schema, validate);
    return validate;
  }

  return {
    compile(schema, warn) {
      const validate = compileOnce(schema);
      for (const pattern of listPatterns(schema)) {
        if (hasNestedQuantifiers(pattern)) warn(`pattern ${pattern} has nested quantifiers`);
      }
      return createValidateArgs(validate);
    },
  };
}

function compileSchema(ajv: Ajv | Ajv2020, schema: object): ValidateFunction {
  try {
    const validate = ajv.compile(schema);
    // The same $id may stand in the schemas of two actions.
    ajv.removeSchema(schema);
    if ('$async' in validate) throw new Error('asynchronous schemas are not supported');
    return validate;
  } catch (error) {
    const message = `invalid validationSchema: ${(error as Error).message}`;
    throw new BuildFault('INVALID_VALIDATION_SCHEMA', message);
  }
}

/** Refuses args that the schema does not admit, before any hook runs and before anything is sent. */
function createValidateArgs(validate: ValidateFunction): Interceptor {
  return (next) => async (call) => {
    if (validate(call.args)) return next(call);
    const description = describe(validate.errors);
    throw createFailure(call, {
      status: 400,
      code: 'INVALID_PARAMS',
      text: 'invalidParams',
      details: { title: 'Invalid params', description },
    });
  };
}

/** Where and what; ajv's messages name keys and limits of the schema, never values of the args. */
function describe(errors: ErrorObject[] | null | undefined): string {
  const texts = (errors ?? []).map((error) => `args${error.instancePath} ${error.message ?? ''}`);
  return texts.join('; ').slice(0, MAX_DESCRIPTION).toWellFormed();
}
