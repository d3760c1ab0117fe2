"""What teachers write down, by domain of competency.

Never a name, as families of several children read it.
"""

SEEN = {
    "Langage": (
        "L’histoire du soir a été racontée au groupe, avec le début, le milieu et la fin.",
        "A demandé la parole, et attendu de l’avoir.",
        "A reconnu son prénom parmi ceux de la classe.",
    ),
    "Nombres": (
        "Les châtaignes de la cour ont été comptées, triées, puis rangées par dix.",
        "A expliqué son calcul au tableau, et trouvé seul où il s’était trompé.",
        "Dix gobelets, une balance, et beaucoup de patience.",
    ),
    "Vivre ensemble": (
        "A proposé son aide pour ranger la bibliothèque.",
        "Le jeu a été expliqué aux plus petits, deux fois s’il le fallait.",
    ),
    "Corps et arts": (
        "Parcours d’équilibre terminé sans poser le pied.",
        "Peinture d’automne avec des feuilles ramassées le matin.",
    ),
    "Lire": (
        "Une page d’album lue à voix haute, puis racontée à la classe.",
        "A choisi un livre, et l’a défendu devant les autres.",
    ),
    "Écrire": (
        "Une phrase entière, sans modèle, avec son point.",
        "A relu son texte et corrigé trois accords.",
    ),
    "Explorer le monde": (
        "La graine de haricot a germé ; le dessin d’observation est précis.",
        "A lu le plan de l’école et retrouvé la balise cachée.",
    ),
}
ANY = ("Beaucoup de progrès cette semaine.", "Une belle journée, à retenir.")
