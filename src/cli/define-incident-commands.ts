// Owns how the verbs of an incident are spelled and explained.
import { Argument } from 'commander';
import type { Role, Severity, WorkingPhase } from '../incident/words.ts';
import type { AlertOptions } from './alert.ts';
import type { Answering } from './answer.ts';
import type { CloseOptions } from './close.ts';
import type { DeclareOptions } from './declare.ts';
import type { DutyOptions } from './duty.ts';
import { asText, parsePhase, parseRole, parseSeverity, parseTime } from './parse-words.ts';
import type { PeopleOptions } from './people.ts';
import type { Defining } from './program.ts';
import type { RoleOptions } from './role.ts';
import type { SilenceOptions } from './silence.ts';
import type { ReasonOptions } from './verb.ts';

export const defineIncidentCommands = (defining: Defining): void => {
  defining.program.commandsGroup('Incident (INC is INC-2026-0042, INC-42 or 42):');
  defineBeginning(defining);
  defineSilence(defining);
  defineResponse(defining);
  defineCorrections(defining);
  definePeople(defining);
  defineEnding(defining);
};

const defineBeginning = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('declare'))
    .description('open an incident; its escalation starts to run')
    .requiredOption('--service <S...>', 'services it is about')
    .requiredOption('--title <T>', 'what is wrong, in one line')
    .option('--severity <SEV>', 'SEV1 to SEV4', parseSeverity, 'SEV3')
    .option('--private', 'seen only by you and those in --with; nothing of it is told outside of the room')
    .option('--with <NAME...>', 'who else sees a private incident')
    .option('--follows <INC>', 'the incident it goes on from, where that is too old to be reopened')
    .action(does(async (options: DeclareOptions) => (await import('./declare.ts')).declare(shell, options)));

  answers(program.command('alert <SERVICE> <SEVERITY> <MESSAGE...>'))
    .description('report an alert as a source would: joins the open incident of the service, or opens one')
    .option('--source <NAME>', 'who noticed', 'command-line')
    .option('--fingerprint <ID>', 'what makes it the same alert again; else service and message')
    .option('--cleared', 'it is over')
    .action(
      does(async (service: string, severity: string, message: readonly string[], options: AlertOptions) =>
        (await import('./alert.ts')).alert(shell, { service, severity, message: asText(message) }, options),
      ),
    );
};

const defineSilence = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('silence'))
    .argument('[SERVICE...]')
    .description('a deploy does not declare: what would open an incident waits for the end of the silence')
    .option('--for <TIME>', 'how long, e.g. 30m', parseTime)
    .option('--in <TIME>', 'begins later, e.g. 2h: a maintenance window', parseTime, 0)
    .option('--reason <R>', 'why', '')
    .option('--all', 'every service')
    .option('--list', 'what is silenced and until when')
    .option('--lift <ID>', 'end one now, e.g. S3: what still fires declares')
    .action(
      does(async (services: readonly string[], options: SilenceOptions) =>
        (await import('./silence.ts')).silence(shell, services, options),
      ),
    );
};

const defineResponse = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('ack <INC>'))
    .description('"I have it": holds the escalation until your lease runs out')
    .action(
      does(async (incident: string, options: Answering) => (await import('./ack.ts')).ack(shell, incident, options)),
    );

  answers(program.command('note <INC> <TEXT...>'))
    .description('add words to the timeline')
    .action(
      does(async (incident: string, text: readonly string[], options: Answering) =>
        (await import('./note.ts')).note(shell, { incident, text: asText(text) }, options),
      ),
    );

  answers(program.command('role'))
    .argument('<INC>')
    .addArgument(new Argument('<ROLE>', 'commander (ic), tech, comms, scribe or on-call').argParser(parseRole))
    .description('take a role; its holder gives it up first, or the commander gives it to somebody else')
    .option('--to <NAME>', 'give it to somebody; command is taken, not given')
    .option('--release', 'give it up')
    .action(
      does(async (incident: string, role: Role, options: RoleOptions) =>
        (await import('./role.ts')).role(shell, { incident, role }, options),
      ),
    );

  answers(program.command('duty'))
    .argument('<INC>')
    .addArgument(new Argument('<ROLE>', 'commander (ic), tech, comms, scribe or on-call').argParser(parseRole))
    .argument('[DUTY...]', 'by its words or its number; without one the list')
    .description('the responsibilities of a role: list them, tick one')
    .option('--undone', 'take it up again')
    .action(
      does(async (incident: string, role: Role, words: readonly string[], options: DutyOptions) =>
        (await import('./duty.ts')).duty(
          shell,
          { incident, role, duty: words.length === 0 ? null : asText(words) },
          options,
        ),
      ),
    );

  answers(program.command('severity'))
    .argument('<INC>')
    .addArgument(new Argument('<SEV>', 'SEV1 to SEV4').argParser(parseSeverity))
    .description('raise it, and the higher ladder runs at once; lowering is for the commander, with a reason')
    .option('--reason <R>', 'why', '')
    .action(
      does(async (incident: string, severity: Severity, options: ReasonOptions) =>
        (await import('./severity.ts')).severity(shell, { incident, severity }, options),
      ),
    );

  answers(program.command('phase'))
    .argument('<INC>')
    .addArgument(new Argument('<PHASE>', 'triage, containment, mitigation or recovery').argParser(parsePhase))
    .description('say what the work is now; it may go back')
    .action(
      does(async (incident: string, phase: WorkingPhase, options: Answering) =>
        (await import('./phase.ts')).phase(shell, { incident, phase }, options),
      ),
    );
};

const defineCorrections = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('correct-note <INC> <NOTE> <TEXT...>'))
    .description('put a note right; the log keeps what it said before')
    .action(
      does(async (incident: string, note: string, text: readonly string[], options: Answering) =>
        (await import('./correct-note.ts')).correctNote(shell, { incident, note, text: asText(text) }, options),
      ),
    );

  answers(program.command('title <INC> <TEXT...>'))
    .description('correct the title')
    .action(
      does(async (incident: string, text: readonly string[], options: Answering) =>
        (await import('./title.ts')).title(shell, { incident, title: asText(text) }, options),
      ),
    );

  answers(program.command('services <INC> <SERVICE...>'))
    .description('correct which services it is about, all of them')
    .action(
      does(async (incident: string, services: readonly string[], options: Answering) =>
        (await import('./services.ts')).services(shell, { incident, services }, options),
      ),
    );
};

const definePeople = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('people <INC> [NAME...]'))
    .description('make an incident private: seen only by you and those named')
    .option('--everybody', 'open it to everybody again')
    .action(
      does(async (incident: string, people: readonly string[], options: PeopleOptions) =>
        (await import('./people.ts')).people(shell, { incident, people }, options),
      ),
    );
};

const defineEnding = ({ program, shell, does, answers }: Defining): void => {
  answers(program.command('resolve <INC>'))
    .description('the service is well again: paging stops; says what is still in place')
    .action(
      does(async (incident: string, options: Answering) =>
        (await import('./resolve.ts')).resolve(shell, incident, options),
      ),
    );

  answers(program.command('reopen <INC>'))
    .description(
      'it goes on, and its escalation starts afresh; long after, a new incident follows it (days after: declare --follows)',
    )
    .option('--reason <R>', 'why', '')
    .action(
      does(async (incident: string, options: ReasonOptions) =>
        (await import('./reopen.ts')).reopen(shell, incident, options),
      ),
    );

  answers(program.command('close <INC>'))
    .description('end it for good; refused while a containment is in place')
    .option('--false-alarm', 'nothing was wrong: allowed from any phase, and out of the statistics')
    .option('--reason <R>', 'why', '')
    .action(
      does(async (incident: string, options: CloseOptions) =>
        (await import('./close.ts')).close(shell, incident, options),
      ),
    );
};
