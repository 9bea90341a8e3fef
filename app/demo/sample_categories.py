"""Kinds of conversations in the demo's company, each with what to do; none says what somebody is like."""

from typing import NamedTuple


class SampleCategory(NamedTuple):
    """A category of the demo: what operators do first, and its guidance."""

    name: str
    word: str
    colour: str
    opening: str
    avoid: str
    offer: str


CONVERSATIONS = (
    SampleCategory(
        "Décide vite", "Aller droit au but", "green", "Dire le prix et le délai dans la première phrase.",
        "Les explications que personne n'a demandées.", "La commande par téléphone, tout de suite.",
    ),
    SampleCategory(
        "Veut tous les détails", "Donner les chiffres", "blue", "Ouvrir la fiche technique avant de répondre.",
        "« À peu près », « normalement ».", "La fiche par courriel, pendant l'appel.",
    ),
    SampleCategory(
        "Compare avant de choisir", "Proposer deux choix", "teal", "Demander ce qui compte le plus : prix, délai ou bois.",
        "Plus de deux propositions à la fois.", "Un échantillon, et un rappel dans trois jours.",
    ),
    SampleCategory(
        "Réponses courtes", "Poser des questions ouvertes", "teal", "« Racontez-moi la pièce. »",
        "Remplir chaque silence.", "Une visite de l'atelier.",
    ),
    SampleCategory(
        "Appels longs", "Résumer souvent", "grey", "Dire d'abord combien de temps nous avons.",
        "Laisser plusieurs sujets ouverts.", "Un courriel avec les points convenus.",
    ),
    SampleCategory(
        "Compare les offres", "Montrer ce qui diffère", "blue", "Demander quelle offre est sur la table.",
        "Parler des concurrents.", "Le même devis, avec et sans pose.",
    ),
    SampleCategory(
        "Négocie", "Garder le tarif, offrir un service", "amber", "Rappeler ce que le prix comprend.",
        "Une remise sans contrepartie.", "La livraison, ou un paiement en deux fois.",
    ),
    SampleCategory(
        "A eu un incident", "Suivre le script", "violet", "Reprendre l'incident avec ses mots, sans chercher la cause.",
        "« Ce n'est pas nous. »", "Une étape et un jour ; le responsable en ligne s'il le souhaite.",
    ),
    SampleCategory(
        "Première commande", "Expliquer les étapes", "green", "Dire comment se passe une commande, en trois phrases.",
        "Les mots d'atelier.", "Un nom et un numéro direct.",
    ),
    SampleCategory(
        "De retour", "Demander ce qui a changé", "green", "Dire que nous sommes contents de l'entendre.",
        "Demander pourquoi il n'y a plus eu de commande.", "Ce qui est nouveau depuis la dernière commande.",
    ),
)  # fmt: skip
