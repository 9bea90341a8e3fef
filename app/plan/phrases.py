"""What callers hear where a company has written nothing of its own: every phrase in every language. Spoken to people who
wait on the telephone, so it is here and not among the translations of pages, which are read from files."""

from typing import Final

from app.base.language import ENGLISH
from filters.texts import recording_named
from routing.actions import Phrase
from routing.plan import RoutingPlan

DEFAULTS: Final[dict[Phrase, dict[str, str]]] = {
    Phrase.APOLOGY: {
        "en": "We are sorry, we cannot take your call right now. Please call again in a few minutes.",
        "es": "Lo sentimos, en este momento no podemos atender su llamada. Por favor, vuelva a llamar en unos minutos.",
        "fr": "Nous sommes désolés, nous ne pouvons pas prendre votre appel pour le moment. "
        "Merci de rappeler dans quelques minutes.",
        "ru": "К сожалению, сейчас мы не можем принять ваш звонок. Пожалуйста, перезвоните через несколько минут.",
    },
    Phrase.CALLBACK_OFFER: {
        "en": "If you would rather be called back, press 1. You keep your place in the queue.",
        "es": "Si prefiere que le llamemos, pulse 1. Conservará su lugar en la cola.",
        "fr": "Si vous préférez être rappelé, tapez 1. Vous gardez votre place dans la file d'attente.",
        "ru": "Если удобнее, чтобы мы вам перезвонили, нажмите 1. Ваше место в очереди сохранится.",
    },
    Phrase.CALLBACK_TAKEN: {
        "en": "Thank you. You keep your place in the queue, and we will call you when it is your turn. Goodbye.",
        "es": "Gracias. Conserva su lugar en la cola y le llamaremos cuando llegue su turno. Adiós.",
        "fr": "Merci. Vous gardez votre place dans la file d'attente et nous vous rappellerons à votre tour. Au revoir.",
        "ru": "Спасибо. Ваше место в очереди сохранится, и мы перезвоним, когда подойдёт ваш черёд. До свидания.",
    },
    Phrase.CALLEE_CONFIRM: {
        "en": "A call for you. Press 1 to take it.",
        "es": "Tiene una llamada. Pulse 1 para atenderla.",
        "fr": "Un appel pour vous. Tapez 1 pour le prendre.",
        "ru": "Вам звонят. Нажмите 1, чтобы ответить.",
    },
    Phrase.CALLEE_GONE: {
        "en": "Thank you, the call goes on without you.",
        "es": "Gracias, la llamada continúa sin usted.",
        "fr": "Merci, l'appel continue sans vous.",
        "ru": "Спасибо, звонок будет передан дальше.",
    },
    Phrase.CALLER_GONE: {
        "en": "The caller has hung up.",
        "es": "La persona que llamaba ha colgado.",
        "fr": "L'appelant a raccroché.",
        "ru": "Звонивший положил трубку.",
    },
    Phrase.CLOSED: {
        "en": "Thank you for calling. We are closed at the moment. Please call again during our opening hours.",
        "es": "Gracias por llamar. En este momento estamos cerrados. Por favor, llame en nuestro horario de atención.",
        "fr": "Merci de votre appel. Nos bureaux sont actuellement fermés. "
        "Merci de rappeler pendant nos heures d'ouverture.",
        "ru": "Спасибо за звонок. Сейчас мы закрыты. Пожалуйста, перезвоните в рабочее время.",
    },
    Phrase.CLOSED_VOICEMAIL: {
        "en": "Thank you for calling. We are closed at the moment. Please leave a message after the tone, "
        "and press the hash key when you have finished.",
        "es": "Gracias por llamar. En este momento estamos cerrados. Deje su mensaje después de la señal "
        "y pulse almohadilla cuando termine.",
        "fr": "Merci de votre appel. Nos bureaux sont actuellement fermés. Veuillez laisser un message après le signal, "
        "puis appuyez sur dièse.",
        "ru": "Спасибо за звонок. Сейчас мы закрыты. Оставьте сообщение после сигнала, а закончив, нажмите решётку.",
    },
    Phrase.DICTATION: {
        "en": "Please speak after the tone, and press the hash key when you have finished.",
        "es": "Hable después de la señal y pulse almohadilla cuando termine.",
        "fr": "Parlez après le signal, puis appuyez sur dièse.",
        "ru": "Говорите после сигнала, а закончив, нажмите решётку.",
    },
    Phrase.GOODBYE: {
        "en": "Thank you for calling. Goodbye.",
        "es": "Gracias por llamar. Adiós.",
        "fr": "Merci de votre appel. Au revoir.",
        "ru": "Спасибо за звонок. До свидания.",
    },
    Phrase.HOLD: {
        "en": "All our lines are busy. Please hold the line.",
        "es": "Todas nuestras líneas están ocupadas. Por favor, no cuelgue.",
        "fr": "Toutes nos lignes sont occupées. Merci de patienter.",
        "ru": "Все линии заняты. Пожалуйста, оставайтесь на линии.",
    },
    Phrase.MENU_NO_INPUT: {
        "en": "We did not receive your choice.",
        "es": "No hemos recibido su elección.",
        "fr": "Nous n'avons pas reçu votre choix.",
        "ru": "Мы не получили ваш выбор.",
    },
    Phrase.MENU_WRONG_KEY: {
        "en": "This choice does not exist.",
        "es": "Esta opción no existe.",
        "fr": "Ce choix n'existe pas.",
        "ru": "Такого варианта нет.",
    },
    Phrase.NOBODY_SERVES: {
        "en": "We are sorry, nobody can answer your call at the moment. Please call again later.",
        "es": "Lo sentimos, en este momento nadie puede atender su llamada. Por favor, vuelva a llamar más tarde.",
        "fr": "Nous sommes désolés, personne ne peut prendre votre appel en ce moment. Merci de rappeler plus tard.",
        "ru": "К сожалению, сейчас некому ответить на ваш звонок. Пожалуйста, перезвоните позже.",
    },
    Phrase.NOT_IN_SERVICE: {
        "en": "The number you have dialled is not in service.",
        "es": "El número marcado no está en servicio.",
        "fr": "Le numéro que vous avez composé n'est pas attribué.",
        "ru": "Набранный вами номер не обслуживается.",
    },
    Phrase.PIN_ASKED: {
        "en": "Please enter your PIN, followed by the hash key.",
        "es": "Introduzca su PIN y pulse almohadilla.",
        "fr": "Veuillez composer votre code secret, puis appuyez sur dièse.",
        "ru": "Введите ваш ПИН-код и нажмите решётку.",
    },
    Phrase.PIN_WRONG: {
        "en": "This PIN is not right. Please enter it again, followed by the hash key.",
        "es": "El PIN no es correcto. Introdúzcalo de nuevo y pulse almohadilla.",
        "fr": "Ce code n'est pas le bon. Veuillez le composer à nouveau, puis appuyez sur dièse.",
        "ru": "ПИН-код неверный. Введите его ещё раз и нажмите решётку.",
    },
    Phrase.PLACE: {
        "en": "You are number {place} in the queue.",
        "es": "Ocupa el lugar {place} en la cola.",
        "fr": "Vous êtes en position {place} dans la file d'attente.",
        "ru": "Ваш номер в очереди: {place}.",
    },
    Phrase.PLEASE_HOLD: {
        "en": "Please hold the line.",
        "es": "Por favor, no cuelgue.",
        "fr": "Veuillez patienter.",
        "ru": "Пожалуйста, оставайтесь на линии.",
    },
    Phrase.SATISFACTION_ASKED: {
        "en": "How satisfied are you with this call? Press a key from 1, not at all, to 5, very satisfied.",
        "es": "¿Está satisfecho con esta llamada? Pulse una tecla del 1, nada, al 5, muy satisfecho.",
        "fr": "Êtes-vous satisfait de cet appel ? Tapez un chiffre de 1, pas du tout, à 5, très satisfait.",
        "ru": "Довольны ли вы этим разговором? Нажмите клавишу от 1 (совсем нет) до 5 (очень доволен).",
    },
    Phrase.UNKNOWN_LINE: {
        "en": "This number is not in use. Please check the number and call again.",
        "es": "Este número no está en uso. Compruebe el número y vuelva a llamar.",
        "fr": "Ce numéro n'est pas utilisé. Merci de vérifier le numéro et de rappeler.",
        "ru": "Этот номер не используется. Пожалуйста, проверьте номер и перезвоните.",
    },
    Phrase.URGENT_OFFERED: {
        "en": "If it is urgent, press 1.",
        "es": "Si es urgente, pulse 1.",
        "fr": "Si c'est urgent, tapez 1.",
        "ru": "Если дело срочное, нажмите 1.",
    },
    Phrase.VOICEMAIL: {
        "en": "We cannot take a message at the moment. Please call again later. Thank you.",
        "es": "En este momento no podemos grabar su mensaje. Por favor, vuelva a llamar más tarde. Gracias.",
        "fr": "Nous ne pouvons pas enregistrer votre message pour le moment. Merci de rappeler plus tard.",
        "ru": "Сейчас мы не можем записать сообщение. Пожалуйста, перезвоните позже. Спасибо.",
    },
    Phrase.VOICEMAIL_GREETING: {
        "en": "Please leave a message after the tone, and press the hash key when you have finished.",
        "es": "Deje su mensaje después de la señal y pulse almohadilla cuando termine.",
        "fr": "Veuillez laisser un message après le signal, puis appuyez sur dièse.",
        "ru": "Оставьте сообщение после сигнала, а закончив, нажмите решётку.",
    },
    Phrase.VOICEMAIL_TAKEN: {
        "en": "Thank you. Your message has been recorded. Goodbye.",
        "es": "Gracias. Su mensaje ha quedado grabado. Adiós.",
        "fr": "Merci. Votre message est enregistré. Au revoir.",
        "ru": "Спасибо. Ваше сообщение записано. До свидания.",
    },
    Phrase.WAITED_TOO_LONG: {
        "en": "We are sorry that you have waited so long. We could not take your call; please call again later.",
        "es": "Lamentamos la larga espera. No hemos podido atender su llamada; por favor, vuelva a llamar más tarde.",
        "fr": "Nous sommes désolés de cette longue attente. Nous n'avons pas pu prendre votre appel ; "
        "merci de rappeler plus tard.",
        "ru": "Простите за долгое ожидание. Мы не смогли ответить на ваш звонок; пожалуйста, перезвоните позже.",
    },
    Phrase.WAIT_ABOUT: {
        "en": "The wait is about {minutes} minutes.",
        "es": "La espera es de unos {minutes} minutos.",
        "fr": "Le temps d'attente est d'environ {minutes} minutes.",
        "ru": "Время ожидания, минут: около {minutes}.",
    },
    Phrase.WILL_CALL_BACK: {
        "en": "We are sorry, we cannot take your call right now. We will call you back as soon as we can. Goodbye.",
        "es": "Lo sentimos, en este momento no podemos atenderle. Le llamaremos en cuanto podamos. Adiós.",
        "fr": "Nous sommes désolés, nous ne pouvons pas prendre votre appel. "
        "Nous vous rappellerons dès que possible. Au revoir.",
        "ru": "К сожалению, сейчас мы не можем ответить. Мы перезвоним вам, как только сможем. До свидания.",
    },
}


def phrase_in(plan: RoutingPlan | None, phrase: Phrase, language: str) -> str:
    """The company's own text for ``phrase`` in ``language`` (ISO 639-1), else ours, else ours in English."""
    if plan is not None and (own := plan.phrases.get((phrase, language))):
        return own
    return DEFAULTS[phrase].get(language) or DEFAULTS[phrase][ENGLISH]


def words_of(plan: RoutingPlan, text: str) -> str:
    """What is said to whoever cannot be played a recording: ``text``, or the words of the one that it names."""
    recording = plan.recordings.get(recording_named(text) or "")
    return recording.text if recording else text
